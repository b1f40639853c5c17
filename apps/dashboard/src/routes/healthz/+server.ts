/** The process answers; whether the API does is the API's own to say. */
export const GET = () => Response.json({ status: 'ok' });
