// The pins of the open item: what a screen does when one is opened.

import { Pins } from '../../engine/pins'
import type { Screen } from './screen'

/** Pins that show what they are about when one is opened, and the panel in which its thread is read. */
export function pinsOn(screen: Screen): Pins {
  const pins = new Pins()
  pins.onOpen = (pin) => {
    const annotation = pin.annotation === null ? null : (screen.work?.store.get(pin.annotation) ?? null)
    if (annotation !== null) {
      screen.view.select(annotation.id)
      screen.reveal(annotation)
    }
    if (!screen.choices.panelOpen) screen.choices.togglePanel()
  }
  // Rows of the panel show them too.
  pins.subscribe(() => screen.changed())
  return pins
}
