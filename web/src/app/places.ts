// The pages of a project and of a workspace: who may go there, and under which heading they stand. The navigation, the
// palette and the table of addresses all read this one list.
import type { Role } from '../api'
import type { IconName } from '../ui'
import { m } from './messages'
import { includes } from './session'

export interface Entry {
  /** What stands behind the address of the project or workspace. */
  end: string
  title: string
  icon: IconName
  /** The least role that the page is open to. */
  needs: Role
  /** Whoever has this role has another page for it. */
  unless?: Role
  /** Found in the palette, not listed in the navigation. */
  found?: boolean
}

export interface Section {
  id: string
  /** null: right below the name of the project. */
  title: string | null
  entries: readonly Entry[]
}

const of = (end: string, title: string, icon: IconName, needs: Role, more: Partial<Entry> = {}): Entry => ({ end, title, icon, needs, ...more })

export const PROJECT: readonly Section[] = [
  {
    id: 'work',
    title: null,
    entries: [
      of('', m.home, 'home', 'reviewer'),
      of('/label', m.label, 'play', 'annotator', { found: true }),
      of('/items', m.items, 'table', 'reviewer'),
      of('/many', m.many, 'grid', 'annotator'),
      of('/review', m.review, 'check', 'reviewer'),
      of('/feedback', m.feedback, 'comment', 'annotator', { found: true }),
      of('/pay/mine', m.myPay, 'clock', 'annotator', { unless: 'manager' }),
    ],
  },
  { id: 'guidance', title: m.guidance, entries: [of('/guideline', m.guideline, 'book', 'annotator'), of('/questions', m.questions, 'comment', 'reviewer')] },
  {
    id: 'quality',
    title: m.peopleAndQuality,
    entries: [
      of('/quality', m.quality, 'chart', 'reviewer'),
      of('/people', m.people, 'users', 'reviewer'),
      of('/people/charts', m.charts, 'chart', 'reviewer', { found: true }),
      of('/gold', m.gold, 'star', 'reviewer'),
      of('/course', m.course, 'seal', 'reviewer'),
      of('/fairness', m.fairness, 'shield', 'reviewer'),
    ],
  },
  {
    id: 'run',
    title: m.run,
    entries: [
      of('/assignments', m.assignments, 'flag', 'manager'),
      of('/pay', m.pay, 'clock', 'manager'),
      of('/import', m.import, 'imp', 'manager'),
      of('/export', m.export, 'exp', 'manager'),
      of('/workflow', m.workflow, 'branch', 'manager'),
      of('/setup', m.setup, 'cog', 'manager'),
    ],
  },
]

export const WORKSPACE: readonly Entry[] = [
  of('/projects', m.projects, 'folder', 'reviewer'),
  of('/new', m.newProject, 'plus', 'manager', { found: true }),
  of('/people', m.people, 'users', 'manager'),
  of('/jobs', m.jobs, 'clock', 'manager'),
  of('/audit', m.audit, 'shield', 'owner'),
  of('/webhooks', m.webhooks, 'link', 'owner'),
  of('/setup', m.setup, 'cog', 'owner'),
]

/** Whether somebody of a role is shown an entry. */
export const isFor = (entry: Entry, role: Role | undefined): boolean => includes(role, entry.needs) && !(entry.unless && includes(role, entry.unless))

/** The sections of the navigation that somebody has, without empty ones. */
export function sectionsFor(role: Role | undefined): Section[] {
  return PROJECT.map((section) => ({ ...section, entries: section.entries.filter((one) => !one.found && isFor(one, role)) })).filter((section) => section.entries.length > 0)
}

/** Every page of a project that somebody may open, as the palette lists them. */
export const entriesFor = (role: Role | undefined): Entry[] => PROJECT.flatMap((section) => section.entries.filter((one) => isFor(one, role)))

/** The least role that a page of a project is open to; the table of addresses asks here. */
export function neededFor(end: string): Role {
  const found = PROJECT.flatMap((section) => section.entries).find((one) => one.end === end)
  if (!found) throw new Error(`places.ts lists no page ${end}.`)
  return found.needs
}

/** Whether the page of an entry is the one that is shown; a page below it counts. */
export function isAt(entry: Entry, at: string, path: string): boolean {
  const own = at + entry.end
  return path === own || (entry.end !== '' && path.startsWith(`${own}/`))
}
