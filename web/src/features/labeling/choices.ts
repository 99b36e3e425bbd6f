// What a person chose on this device: how pictures are shown, the grid, and whether the panel is open.

import { readTone, type Tone } from '../../engine/tone'
import type { Screen } from './screen'

export class Choices {
  panelOpen: boolean

  constructor(private readonly screen: Screen) {
    this.panelOpen = (kept(this.keptPanel) ?? (isNarrow() ? 'closed' : 'open')) !== 'closed'
    screen.view.set({ tone: readTone(kept(this.keptTone)), grid: kept(`${this.keptTone}.grid`) === 'on' })
  }

  togglePanel(): void {
    this.panelOpen = !this.panelOpen
    keep(this.keptPanel, this.panelOpen ? 'open' : 'closed')
    this.screen.changed()
  }

  setTone(change: Partial<Tone>): void {
    const tone = { ...this.screen.view.state.tone, ...change }
    keep(this.keptTone, JSON.stringify(tone))
    this.screen.view.set({ tone })
  }

  toggleGrid(): void {
    const grid = !this.screen.view.state.grid
    keep(`${this.keptTone}.grid`, grid ? 'on' : 'off')
    this.screen.view.set({ grid })
  }

  private get keptPanel(): string {
    return `panel.${this.screen.options.projectId}`
  }

  private get keptTone(): string {
    const { projectId, personId } = this.screen.options
    return `tone.${projectId}.${personId ?? ''}`
  }
}

/** Whether the panel would lie over the surface. */
function isNarrow(): boolean {
  return typeof matchMedia === 'function' && matchMedia('(max-width: 600px)').matches
}

export function kept(key: string): string | null {
  try {
    return localStorage.getItem(`karat.${key}`)
  } catch {
    return null
  }
}

export function keep(key: string, value: string): void {
  try {
    localStorage.setItem(`karat.${key}`, value)
  } catch {
    // A browser that keeps nothing simply opens the panel the next time.
  }
}
