import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { EventInput, JsonObject } from '@tidemark/schemas';
import { TrackingPlanError } from './tracking-plan-error.ts';

/** The properties of each type of event, by any schema library that speaks Standard Schema, such as zod. */
export type EventSchemas = Readonly<Record<string, StandardSchemaV1<unknown, object>>>;

/** Without a plan: any type, with any JSON. */
export type AnyEvents = Readonly<Record<string, StandardSchemaV1<JsonObject, JsonObject>>>;

/** What an event may carry besides its type and properties; a missing id and time are made. */
export type EventDetails = Omit<EventInput, 'type' | 'properties'>;

/** Properties, which may be left out where none is required, then the details. */
export type EventArguments<Schema extends StandardSchemaV1> =
  Record<never, never> extends StandardSchemaV1.InferInput<Schema>
    ? [properties?: StandardSchemaV1.InferInput<Schema> | undefined, details?: EventDetails]
    : [properties: StandardSchemaV1.InferInput<Schema>, details?: EventDetails];

/** Which events an application sends: names and properties, known to the compiler and checked at run time. */
export type TrackingPlan<Events extends EventSchemas> = {
  readonly types: readonly (keyof Events & string)[];
  /** The event to send, its properties as the schema gives them back; throws a `TrackingPlanError`. */
  toEvent<Type extends keyof Events & string>(type: Type, ...rest: EventArguments<Events[Type]>): EventInput;
};

/** A tracking plan: `defineEvents({ signup: z.object({ plan: z.enum(['solo', 'team']) }) })`. */
export function defineEvents<const Events extends EventSchemas>(events: Events): TrackingPlan<Events> {
  const schemas = new Map<string, StandardSchemaV1>(Object.entries(events));
  return {
    types: [...schemas.keys()],
    toEvent: (type, properties = {}, details = {}) => ({
      ...details,
      type,
      properties: check(schemas, type, properties),
    }),
  };
}

/** What goes where there is no plan: JSON as it is, for the server to judge. */
export const ANY_EVENTS: Pick<TrackingPlan<EventSchemas>, 'toEvent'> = {
  toEvent: (type, properties = {}, details = {}) => ({ ...details, type, properties: properties as JsonObject }),
};

function check(schemas: ReadonlyMap<string, StandardSchemaV1>, type: string, properties: unknown): JsonObject {
  const schema = schemas.get(type);
  if (schema === undefined) {
    throw new TrackingPlanError(type, [{ path: 'type', message: `must be one of ${[...schemas.keys()].join(', ')}` }]);
  }
  const result = schema['~standard'].validate(properties);
  if (result instanceof Promise) throw new TypeError(`The schema of ${type} is asynchronous: track could not say no.`);
  if (result.issues === undefined) return result.value as JsonObject;
  throw new TrackingPlanError(type, result.issues.map(toFlaw));
}

function toFlaw({ path = [], message }: StandardSchemaV1.Issue): { path: string; message: string } {
  const keys = path.map((part) => (typeof part === 'object' ? part.key : part));
  return { path: ['properties', ...keys].map(String).join('.'), message };
}
