import { expect, it } from 'vitest'
import { openedToAll, strandedBy, waitingFor } from './stranding'
import { TEMPLATES } from './templates'

const flow = TEMPLATES.expert
const people = { label: 3, expert: 0, accept: 0 }

it('items that would wait where nobody can work are counted by stage; done ones and the consensus wait for nobody', () => {
  const move = (to_stage: string, to_state: string, items: number) => ({ to_stage, to_state, items })
  const plan = [move('label', 'open', 7), move('expert', 'open', 4), move('expert', 'labeled', 2), move('expert', 'done', 9), move('accept', 'labeled', 5)]
  expect(strandedBy(flow, plan, people)).toEqual([{ stage: 'expert', items: 6 }])
  expect(strandedBy(flow, plan, { ...people, expert: 1 })).toEqual([])
})

it('what waits there now is told before anything is saved', () => {
  const counts = { open: 2, claimed: 1, waiting: 0, done: 8 }
  expect(waitingFor(flow, { expert: counts, label: counts, accept: counts }, people)).toEqual([{ stage: 'expert', items: 3 }])
})

it('a stage that is opened asks nobody for anything any more', () => {
  expect(openedToAll(flow, 'expert').stages['expert']).toEqual({ do: 'label', next: [{ to: 'accept' }] })
})
