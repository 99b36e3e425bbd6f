// A course as steps: which are behind, which one is now, which are to come.
import type { Course, Part } from '../../../api/training'

export interface Step {
  readonly part: Part | 'working'
  readonly state: 'done' | 'now' | 'next'
  /** Items that it has, of a test at most; null for the work itself. */
  readonly items: number | null
  readonly least: number | null
}

/** Where a failed test or a pause leaves somebody is for the words beside it: the steps show the part that is to be passed. */
export function stepsOf(course: Course): Step[] {
  const parts: Step['part'][] = [...course.parts.map((one) => one.part), 'working']
  const here = parts.indexOf(partOf(course) ?? 'working')
  return parts.map((part, i) => {
    const found = course.parts.find((one) => one.part === part)
    const state = i < here ? 'done' : i === here ? 'now' : 'next'
    return { part, state, items: found?.items ?? null, least: found?.least ?? null }
  })
}

/** The part that somebody is in, or must pass again; null where they are paused. */
export function partOf(course: Course): Step['part'] | null {
  const { state } = course
  if (state === 'paused') return null
  if (state !== 'failed') return state
  const has = (part: Part) => course.parts.some((one) => one.part === part)
  return has('test') ? 'test' : has('pilot') ? 'pilot' : 'working'
}

/** The step after the one that is now. */
export const nextOf = (course: Course): Step | null => stepsOf(course).find((step) => step.state === 'next') ?? null

/** What a change of place says: a part was passed, another begins, or neither. */
export function passedBetween(before: Course, after: Course): Part | null {
  const order = ['practice', 'test', 'pilot', 'working']
  const [from, to] = [order.indexOf(before.state), order.indexOf(after.state)]
  return from >= 0 && to > from && before.state !== 'working' ? (before.state as Part) : null
}
