/** What a page says that asks the API nothing before it is used, in the API's own shape. */
export const FOR_ADMINS = {
  code: 'forbidden',
  httpStatus: 403,
  reason: 'Your key may look at this tenant’s numbers, and not at its settings.',
  requestId: null,
} as const;
