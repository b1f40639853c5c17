import { defineEnvVars } from '@sveltejs/kit/env';

const LOCAL_API = 'http://127.0.0.1:3001';

/** The dashboard's settings, read once when it starts; `HOST`, `PORT` and the like are adapter-node's. */
export const variables = defineEnvVars({
  TIDEMARK_API: {
    description: 'Base URL of the Tidemark API that the dashboard speaks to.',
    schema: (value) => {
      const text = value || LOCAL_API;
      if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
        throw new Error(`must be an http(s) URL such as ${LOCAL_API}, but is "${text}"`);
      }
      return text.replace(/\/+$/, '');
    },
  },
  TIDEMARK_DASHBOARD_TOKEN: {
    description:
      'What the API knows this dashboard by, to believe it where a visitor is. Without it all share an address.',
    schema: (value) => value || undefined,
  },
});
