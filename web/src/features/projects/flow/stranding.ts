// Which items an edit would strand: those that would wait at a stage at which nobody can work.
import { withStage, type Flow, type Stage } from './policy'

export interface Stranding { stage: string; items: number }
interface Move { to_stage: string; to_state: string; items: number }

/** From where the items would stand. What is done waits for nobody; the consensus needs nobody. */
export function strandedBy(flow: Flow, plan: readonly Move[], people: Readonly<Record<string, number>>): Stranding[] {
  const waiting = plan.filter((one) => one.to_state !== 'done' && people[one.to_stage] === 0 && flow.stages[one.to_stage]?.do !== 'resolve')
  return [...Map.groupBy(waiting, (one) => one.to_stage)].map(([stage, moves]) => ({ stage, items: moves.reduce((sum, one) => sum + one.items, 0) })).filter((one) => one.items > 0)
}

/** From where they stand now, while nothing is asked for but the numbers of people. */
export function waitingFor(flow: Flow, counts: Readonly<Record<string, { open: number; claimed: number; waiting: number }>>, people: Readonly<Record<string, number>>): Stranding[] {
  return Object.keys(flow.stages).flatMap((stage) => {
    const here = counts[stage]
    const items = here ? here.open + here.claimed + here.waiting : 0
    return people[stage] === 0 && items > 0 && flow.stages[stage]?.do !== 'resolve' ? [{ stage, items }] : []
  })
}

/** The flow with a stage at which everybody with the usual role works. */
export function openedToAll(flow: Flow, stage: string): Flow {
  return withStage(flow, stage, { who: undefined } as unknown as Partial<Stage>)
}
