/** What a span says of its work; never what the work was about. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

export type Span = {
  /** The work came to nothing, though it did not throw; `kind` is a code of ours. */
  fail(kind: string): void;
  /** It lasts until then, though the work has returned; nothing runs within it any more. */
  until(end: Promise<void>): void;
};

/** Records what runs within what, and for how long. */
export type Tracer = {
  /** Runs the work as a span of whatever runs now. */
  span<Result>(name: string, attributes: SpanAttributes, work: (span: Span) => Promise<Result>): Promise<Result>;
};

const NO_SPAN: Span = { fail: () => {}, until: () => {} };

/** Records nothing: where no exporter is configured. */
export const NO_TRACER: Tracer = { span: (_name, _attributes, work) => work(NO_SPAN) };
