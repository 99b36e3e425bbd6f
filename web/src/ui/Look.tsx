// The look of everything below it: Mantine bound to the tokens, and the theme a person has chosen.
import { MantineProvider } from '@mantine/core'
import { useEffect, useState, useSyncExternalStore, type ReactNode } from 'react'

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

/** Sets the theme on <html>. No <style> element is made, so the policy needs no 'unsafe-inline'. */
export function Look({ children }: { children: ReactNode }) {
  const chosen = useTheme()
  const [systemDark, setSystemDark] = useState(() => darkSystem().matches)
  useEffect(() => {
    const dark = darkSystem()
    const follow = () => setSystemDark(dark.matches)
    dark.addEventListener('change', follow)
    return () => dark.removeEventListener('change', follow)
  }, [])
  useEffect(() => {
    if (chosen === 'system') delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = chosen
  }, [chosen])
  const scheme = chosen === 'system' ? (systemDark ? 'dark' : 'light') : chosen
  return (
    <MantineProvider forceColorScheme={scheme} withCssVariables={false} withGlobalClasses={false}>
      {children}
    </MantineProvider>
  )
}
