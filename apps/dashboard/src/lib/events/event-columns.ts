/** The columns of events by the room of their card, which is the container; on a phone a row has but two parts. */
export const EVENT_COLUMNS =
  'gap-4 px-5 @xl:grid-cols-[11rem_minmax(0,1.2fr)_minmax(0,1fr)_4.5rem] @min-[44rem]:grid-cols-[11rem_minmax(7rem,1fr)_minmax(5.5rem,1fr)_4.5rem_minmax(0,1.5fr)]';
