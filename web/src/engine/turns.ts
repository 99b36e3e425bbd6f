// Acts one behind the other: at once where nothing is under way, else when all before it are done.

import { Signal } from './signal'

export class Turns extends Signal {
  private readonly waiting: (() => void | Promise<void>)[] = []
  private isRunning = false

  /** Whether something that takes longer is under way. */
  get isBusy(): boolean {
    return this.isRunning
  }

  take(act: () => void | Promise<void>): void {
    this.waiting.push(act)
    if (!this.isRunning) this.goOn()
  }

  private goOn(): void {
    const act = this.waiting.shift()
    if (act === undefined) return
    const doing = act()
    if (doing === undefined) return this.goOn()
    this.isRunning = true
    // What fails is heard of as every rejected promise is; the others have their turn all the same.
    void doing.finally(() => {
      this.isRunning = false
      this.goOn()
      this.changed()
    })
    this.changed()
  }
}
