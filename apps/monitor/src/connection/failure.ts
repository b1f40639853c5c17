/** What keeps the monitor from working, in words for whoever sits in front of it: what is, what to do. */
export class Failure extends Error {
  readonly remedy: string;

  constructor(message: string, remedy: string) {
    super(message);
    this.name = 'Failure';
    this.remedy = remedy;
  }
}
