// Keys that a panel hands on: pressed in its frame, and meant for the screen.

import type { Screen } from '../screen'
import type { FromPanel } from './contract'

type Pressed = Extract<FromPanel, { type: 'key' }>

/** Presses a key on the surface, if the person may have pressed it in this frame: a panel must not submit by itself. */
export function handOn(screen: Screen, frame: { readonly current: HTMLIFrameElement | null }): (said: Pressed) => void {
  return (said) => {
    if (document.activeElement !== frame.current) return
    if (said.key === 'Escape') return screen.surface?.focus()
    // The browser counts a press within a frame as one on the page around it, for a few seconds.
    if (!navigator.userActivation.isActive) return
    const surface = document.querySelector('[data-panel="surface"] [tabindex="0"]') ?? document.body
    const { key, code, ctrlKey, altKey, shiftKey, metaKey } = said
    for (const type of ['keydown', 'keyup']) surface.dispatchEvent(new KeyboardEvent(type, { key, code, ctrlKey, altKey, shiftKey, metaKey, bubbles: true, cancelable: true }))
  }
}
