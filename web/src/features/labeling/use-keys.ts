// Key presses on the labeling screen: single keys act while the surface has the focus, chords with Ctrl everywhere.

import { useEffect } from 'react'
import { commandFor } from '../../engine/command'
import { chordOf } from '../../engine/hotkeys'
import { isTyping } from '../../ui/commands'
import type { Screen } from './screen'

const ARROWS: Readonly<Record<string, { x: number; y: number }>> = { ArrowLeft: { x: -1, y: 0 }, ArrowRight: { x: 1, y: 0 }, ArrowUp: { x: 0, y: -1 }, ArrowDown: { x: 0, y: 1 } }
/** Space held longer than this, or used to drag, was not meant as "submit". */
const HELD_MS = 400
const MOVES_FOCUS = new Set(['F6', 'Escape'])

export function useKeys(screen: Screen, root: { readonly current: HTMLElement | null }): void {
  useEffect(() => {
    const keys = new Keys(screen, () => root.current)
    const down = (event: KeyboardEvent): void => keys.down(event)
    const up = (event: KeyboardEvent): void => keys.up(event)
    const drag = (): void => {
      keys.dragged()
      root.current?.classList.remove('by-key')
    }
    window.addEventListener('keydown', down, { capture: true })
    window.addEventListener('keyup', up, { capture: true })
    window.addEventListener('pointerdown', drag, { capture: true })
    return () => {
      window.removeEventListener('keydown', down, { capture: true })
      window.removeEventListener('keyup', up, { capture: true })
      window.removeEventListener('pointerdown', drag, { capture: true })
    }
  }, [screen, root])
}

class Keys {
  private space: { readonly at: number; readonly chord: string; dragged: boolean } | null = null

  constructor(
    private readonly screen: Screen,
    private readonly root: () => HTMLElement | null,
  ) {}

  down(event: KeyboardEvent): void {
    // The ring around the surface is for those who move the focus by keyboard.
    this.root()?.classList.toggle('by-key', MOVES_FOCUS.has(event.key))
    if (event.defaultPrevented || event.isComposing || !this.isOurs(event.target)) return
    if (event.target instanceof Element && event.target.closest('[data-own-keys]')) return
    const chord = chordOf(event)
    if (chord === null) return
    const place = this.placeOf(event.target)
    if (chord === 'Esc' && this.screen.dialog === 'labels') return this.close(event)
    if (chord === 'Esc' && this.screen.popover !== null) return this.closePopover(event)
    if (chord === 'Esc' && this.screen.dialog === null && place !== 'surface') return this.leave(event)
    if (place === 'surface' && this.screen.dialog === null) {
      const by = ARROWS[event.key]
      if (by) return this.arrow(event, by)
      if (event.code === 'Space' && this.holdsSpace(event, chord)) return
    }
    const turns = this.screen.session.work?.turns
    if (turns?.isBusy && place === 'surface') {
      // What a key means is known once what it comes behind is done.
      take(event)
      return turns.take(() => commandFor(this.screen.commands, chord, this.screen)?.run(this.screen))
    }
    const command = commandFor(this.screen.commands, chord, this.screen)
    if (command === null || !allowed(place, chord, command.everywhere === true)) return
    take(event)
    this.screen.session.work?.activity.touch()
    command.run(this.screen)
  }

  up(event: KeyboardEvent): void {
    if (event.code !== 'Space' || this.space === null) return
    const { at, chord, dragged } = this.space
    this.space = null
    this.screen.surface?.holdSpace(false)
    take(event)
    if (dragged || event.timeStamp - at > HELD_MS) return
    commandFor(this.screen.commands, chord, this.screen)?.run(this.screen)
  }

  dragged(): void {
    if (this.space !== null) this.space.dragged = true
  }

  /** On a picture Space held pans, so a short press acts when it is let go. */
  private holdsSpace(event: KeyboardEvent, chord: string): boolean {
    if (this.space !== null) {
      take(event)
      return true
    }
    if (!this.screen.surface?.holdSpace(true)) return false
    this.space = { at: event.timeStamp, chord, dragged: false }
    take(event)
    return true
  }

  private arrow(event: KeyboardEvent, by: { x: number; y: number }): void {
    take(event)
    this.screen.session.work?.activity.touch()
    this.screen.surface?.arrow(by, { shift: event.shiftKey, ctrl: event.ctrlKey || event.metaKey, alt: event.altKey })
  }

  /** The label menu is part of the screen; other dialogs close themselves. */
  private close(event: KeyboardEvent): void {
    take(event)
    this.screen.open(null)
  }

  private closePopover(event: KeyboardEvent): void {
    this.screen.togglePopover(null)
    this.leave(event)
  }

  private leave(event: KeyboardEvent): void {
    take(event)
    this.screen.surface?.focus()
  }

  /** Dialogs and popovers lie outside the screen's own element and keep their keys. */
  private isOurs(target: EventTarget | null): boolean {
    const root = this.root()
    return root !== null && target instanceof Node && (target === document.body || target === document.documentElement || root.contains(target) || this.screen.dialog !== null)
  }

  private placeOf(target: EventTarget | null): 'surface' | 'control' | 'typing' {
    if (isTyping(target)) return 'typing'
    if (!(target instanceof Element) || target === document.body || target === document.documentElement) return 'surface'
    return target.closest('[data-panel="surface"]') && !target.closest('button, a') ? 'surface' : 'control'
  }
}

function allowed(place: 'surface' | 'control' | 'typing', chord: string, everywhere: boolean): boolean {
  if (place === 'surface' || everywhere) return true
  if (place === 'typing') return chord === 'Ctrl+Enter'
  return chord.startsWith('Ctrl+') || chord === '?'
}

function take(event: Event): void {
  event.preventDefault()
  event.stopPropagation()
}
