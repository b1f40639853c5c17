import { createContext, useContext } from 'react';
import { type Theme, toTheme } from './theme.ts';

export const ThemeContext = createContext<Theme>(toTheme(false));

export function useTheme(): Theme {
  return useContext(ThemeContext);
}
