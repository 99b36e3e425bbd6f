// Work for what comes into sight, a few milliseconds of it in each frame: a page of thousands of dear things opens at once.

/** Milliseconds of a frame for what came into sight. */
const BUDGET_MS = 6
/** How far beyond the screen counts as in sight: what is scrolled to is mostly there already. */
const AHEAD = '60% 0px'

/** Does tasks in the order in which they were given, in each frame as many as fit into its budget, at least one. */
export class Paced {
  private readonly tasks = new Set<() => void>()
  private isAsked = false

  constructor(
    private readonly frame: (act: () => void) => void,
    private readonly now: () => number,
    private readonly budget = BUDGET_MS,
  ) {}

  add(task: () => void): void {
    this.tasks.add(task)
    this.ask()
  }

  drop(task: () => void): void {
    this.tasks.delete(task)
  }

  private ask(): void {
    if (this.isAsked) return
    this.isAsked = true
    this.frame(() => this.work())
  }

  private work(): void {
    this.isAsked = false
    const end = this.now() + this.budget
    try {
      for (const task of this.tasks) {
        this.tasks.delete(task)
        task()
        if (this.now() >= end) break
      }
    } finally {
      // A task that fails is not the last one.
      if (this.tasks.size > 0) this.ask()
    }
  }
}

const paced = new Paced(
  (act) => requestAnimationFrame(act),
  () => performance.now(),
)
const waiting = new WeakMap<Element, () => void>()
let observer: IntersectionObserver | null = null

/** Does something once when an element comes near the screen; returns what takes that back. */
export function whenInSight(element: Element, act: () => void): () => void {
  observer ??= new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        const task = waiting.get(target)
        if (task === undefined) continue
        // What is scrolled past before its turn came has none.
        if (isIntersecting) paced.add(task)
        else paced.drop(task)
      }
    },
    { rootMargin: AHEAD },
  )
  const seen = observer
  const stop = (): void => {
    seen.unobserve(element)
    waiting.delete(element)
    paced.drop(task)
  }
  const task = (): void => {
    stop()
    act()
  }
  waiting.set(element, task)
  seen.observe(element)
  return stop
}
