// Reviews over HTTP, for a session: what it claims are items at a stage where answers are judged.

import { Failure } from '../../../engine/failure'
import { whoLives } from '../../../engine/living'
import type { Channel, Clock, Journal, LabelingApi } from '../../../engine/ports'
import type { Id, Task } from '../../../engine/types'
import { asTask, baseOf, judge, labelingApi, send, type WireTask } from '../http'
import type { FieldDifference, ReviewTask } from './shapes'

export interface ReviewApi extends LabelingApi {
  /** What is judged on an item that was claimed. */
  reviewOf(item: Id): ReviewTask | null
  /** As it is now. */
  refresh(task: Task): Promise<ReviewTask>
  differences(item: Id, a: Id, b: Id): Promise<readonly FieldDifference[]>
  dropDraft(item: Id): Promise<void>
}

/** The calls against a server whose API lies at `root`. A tab that is alone takes up first what it holds already. */
export function reviewApi(root: string, channel: Channel, clock: Clock): ReviewApi {
  const base = baseOf(root)
  const labeling = labelingApi(root)
  const reviews = new Map<Id, ReviewTask>()
  const tasks = new Map<Id, Task>()
  const assignments = new Map<string, Id>()
  const passed = new Set<Id>()
  const fixed = new Set<Id>()
  const gold = new Map<string, readonly Id[]>()
  let isFirst = true

  const refresh = async (task: Task): Promise<ReviewTask> => {
    if (task.assignment === null) throw new Failure('missing', 'The claim has ended.')
    const review = await send<ReviewTask>(`${base}assignments/${task.assignment.id}/review`, {})
    reviews.set(task.item.id, review)
    return review
  }
  const taken = async (wire: WireTask): Promise<Task> => {
    const task = asTask(wire, base)
    const [first] = (await refresh(task)).answers
    const said = task.draft === null && first ? { response: first.response, revision: first.revision } : (task.response.base ?? null)
    // Until a fix is begun, the answer can only be looked at.
    const made: Task = { ...task, response: { ...task.response, base: said }, before: first?.annotations ?? [], given: null, final: (task.draft?.annotations.length ?? 0) === 0 }
    tasks.set(task.item.id, made)
    return made
  }

  return {
    ...labeling,
    claim: async (project, count, exclude, held = false) => {
      const isAlone = isFirst && (await whoLives(channel, clock)).size === 0
      isFirst = false
      const json = { count, exclude: [...exclude, ...passed], held: held || isAlone, do: 'review' }
      const { tasks: wires } = await send<{ tasks: readonly WireTask[] }>(`${base}projects/${project}/claims`, { method: 'POST', json })
      return Promise.all(wires.map(taken))
    },
    open: async (_project, item) => {
      const task = tasks.get(item)
      if (task === undefined) throw new Failure('missing', 'This item is not yours to review.')
      await refresh(task)
      // Only a fix that was handed in and taken back is a draft on the server again.
      const draft = fixed.has(item) ? await labeling.draft(item) : null
      return { ...task, draft, final: (draft?.annotations.length ?? 0) === 0 }
    },
    release: async (assignment) => {
      for (const [item, task] of tasks) if (task.assignment?.id === assignment) passed.add(item)
      await labeling.release(assignment)
    },
    submit: async (response, revision, body) => {
      if (body.judged === undefined) return labeling.submit(response, revision, body)
      if (body.judged?.fixes) fixed.add(body.item)
      if (body.assignment) assignments.set(`${response}/${revision}`, body.assignment)
      gold.set(`${response}/${revision}`, (await judge(base, body, { response, revision })).made)
      return {}
    },
    undoSubmit: async (response, revision) => {
      for (const id of gold.get(`${response}/${revision}`) ?? []) await send(`${base}gold/${id}/retire`, { method: 'POST' })
      await send(`${base}assignments/${assignments.get(`${response}/${revision}`)}/review`, { method: 'DELETE' })
    },
    mine: async () => ({ items: [], next: null }),
    progress: async (project) => ({ today: (await send<{ today: number }>(`${base}projects/${project}/review/waiting`, {})).today, total: 0, left: true }),
    reviewOf: (item) => reviews.get(item) ?? null,
    refresh,
    differences: (item, a, b) => send(`${base}items/${item}/differences?a=${a}&b=${b}`, {}),
    dropDraft: (item) => send(`${base}items/${item}/draft`, { method: 'DELETE' }),
  }
}

/** What is held for review is kept apart from what is held for labeling: who labels must not take it up. */
export function reviewJournal(journal: Journal): Journal {
  const apart = (project: Id): Id => `${project}/review`
  return {
    edits: (person) => journal.edits(person),
    parcels: async (person) => (await journal.parcels(person)).filter((parcel) => parcel.body.judged !== undefined),
    keep: (edits) => journal.keep(edits),
    forget: (client, numbers) => journal.forget(client, numbers),
    post: (parcel) => journal.post(parcel),
    delivered: (id) => journal.delivered(id),
    hold: (holding) => journal.hold({ ...holding, project: apart(holding.project) }),
    // The server says itself what is still held.
    holdings: () => Promise.resolve([]),
  }
}
