// The look of everything below it: the theme a person has chosen.
import { useEffect, useState, useSyncExternalStore, type ReactNode } from 'react'
import { soon } from './late'
import { OVER } from './overs'

export type Theme = 'system' | 'light' | 'dark'

const KEPT = 'karat.theme'
const changed = new EventTarget()
const darkSystem = () => window.matchMedia('(prefers-color-scheme: dark)')

/** The theme chosen on this device; "system" follows the machine. */
export function theme(): Theme {
  const kept = localStorage.getItem(KEPT)
  return kept === 'light' || kept === 'dark' ? kept : 'system'
}

/** Chooses a theme at once and keeps it on this device. */
export function setTheme(next: Theme): void {
  if (next === 'system') localStorage.removeItem(KEPT)
  else localStorage.setItem(KEPT, next)
  changed.dispatchEvent(new Event('change'))
}

export function useTheme(): Theme {
  return useSyncExternalStore((tell) => {
    changed.addEventListener('change', tell)
    return () => changed.removeEventListener('change', tell)
  }, theme)
}

/** Light or dark, as the person has chosen or the machine has it. */
export function useScheme(): 'light' | 'dark' {
  const chosen = useTheme()
  const [systemDark, setSystemDark] = useState(() => darkSystem().matches)
  useEffect(() => {
    const dark = darkSystem()
    const follow = () => setSystemDark(dark.matches)
    dark.addEventListener('change', follow)
    return () => dark.removeEventListener('change', follow)
  }, [])
  return chosen === 'system' ? (systemDark ? 'dark' : 'light') : chosen
}

/** Sets the theme on <html>, and loads what opens over the page once the page stands. */
export function Look({ children }: { children: ReactNode }) {
  const chosen = useTheme()
  useEffect(() => {
    if (chosen === 'system') delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = chosen
  }, [chosen])
  useEffect(() => soon(OVER), [])
  return children
}
