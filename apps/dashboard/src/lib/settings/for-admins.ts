/** What a page says that asks the API nothing before it is used, in the API's own shape. */
export const FOR_ADMINS = {
  code: 'forbidden',
  httpStatus: 403,
  reason: 'Your key may look at this tenant, and not change it.',
  requestId: null,
} as const;
