// The screen as React components reach it.

import { createContext, useContext, useSyncExternalStore } from 'react'
import type { Screen } from './screen'

export const ScreenContext = createContext<Screen | null>(null)

/** The screen; whoever calls this is drawn again when anything but the camera changes. */
export function useScreen(): Screen {
  const screen = useContext(ScreenContext)
  if (screen === null) throw new Error('A part of the labeling screen stands outside of it.')
  useSyncExternalStore((told) => screen.subscribe(told), () => screen.version)
  return screen
}

/** The zoom alone, which changes with every notch of the wheel. */
export function useZoom(screen: Screen): number {
  return useSyncExternalStore((told) => screen.view.subscribe(told), () => screen.view.state.zoom)
}
