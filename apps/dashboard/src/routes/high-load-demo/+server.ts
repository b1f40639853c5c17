import { redirect } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** The lab's former address. */
export const GET: RequestHandler = ({ url }) => redirect(308, `/lab${url.search}`);
