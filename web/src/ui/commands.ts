// What can be done here: records from which the palette, the menus and the keys of a page are made.
import { useEffect, useSyncExternalStore } from 'react'
import type { IconName } from './Icon'

export interface PageCommand {
  id: string
  title: string
  /** The heading under which the palette lists it. */
  group: string
  icon?: IconName
  /** As it is shown: "N", "Ctrl K", "Shift A". Handled by the page unless `shownOnly`. */
  keys?: string
  /** The keys are only shown; whoever made the command listens for them itself. */
  shownOnly?: boolean
  note?: string
  run: () => void
}

let registered: readonly (readonly PageCommand[])[] = []
const tell = new Set<() => void>()

function change(next: readonly (readonly PageCommand[])[]): void {
  registered = next
  snapshot = next.flat()
  for (const told of tell) told()
}

let snapshot: readonly PageCommand[] = []

/** Offers commands while the part that calls this is on the page. Later ones come first. */
export function useCommands(commands: readonly PageCommand[]): void {
  useEffect(() => {
    change([commands, ...registered])
    return () => change(registered.filter((list) => list !== commands))
  }, [commands])
}

/** Every command that can be run now. */
export function useEveryCommand(): readonly PageCommand[] {
  return useSyncExternalStore(
    (told) => {
      tell.add(told)
      return () => tell.delete(told)
    },
    () => snapshot,
  )
}

/** The command that a key press means, if any; keys typed into a control mean nothing here. */
export function commandFor(event: KeyboardEvent): PageCommand | undefined {
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey
  if (plain && isTyping(event.target)) return undefined
  const pressed = pressedKeys(event)
  // On a control, Enter and Space mean the control.
  if ((pressed === 'Enter' || pressed === 'Space') && isControl(event.target)) return undefined
  return snapshot.find((command) => command.keys === pressed && !command.shownOnly)
}

function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('button, a[href], input, select, textarea, summary, [role="grid"]') !== null
}

/** A key press written as in `keys`. */
export function pressedKeys(event: KeyboardEvent): string {
  const name = event.key === ' ' ? 'Space' : event.key.length === 1 ? event.key.toUpperCase() : event.key
  const shifted = event.shiftKey && (event.key.length > 1 || /[a-z]/i.test(event.key))
  return [event.ctrlKey || event.metaKey ? 'Ctrl' : '', event.altKey ? 'Alt' : '', shifted ? 'Shift' : '', name].filter(Boolean).join(' ')
}

/** Whether a key press goes into a control that takes text. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target.tagName === 'TEXTAREA' || target.tagName === 'SELECT') return true
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'range', 'file'].includes(target.type)
}
