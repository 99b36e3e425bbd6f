// An entry of the audit trail in words: what happened, to what, and what else is worth knowing.
import type { AuditEntry, Member, Role } from '../../api'
import { format } from '../../ui'
import { m } from './messages'

/** "project.created" reads "Project created". */
export function happened(name: string): string {
  return m.audited[name] ?? sentence(name)
}

function sentence(name: string): string {
  const words = name.replace('.', ' ').replace(/_/g, ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** What it was done to: a person, a token, a project that is gone. What is of a project names the project beside it. */
export function subject(row: AuditEntry, members: readonly Member[]): string {
  const { type, id } = row.thing as { type?: string; id?: string }
  if (type === 'member' || type === 'person' || type === 'author') return members.find((one) => id === one.id || id === one.person || id === one.author)?.name ?? ''
  if (type === 'token') return text(row.data['label'])
  if (type === 'link') return m.purposes[text(row.data['purpose'])] ?? ''
  if (type === 'workspace') return text(row.data['after']) || text(row.data['name_given'])
  return type === 'project' && !row.project ? text(row.data['title']) : ''
}

const SAID_ELSEWHERE = new Set(['label', 'purpose', 'person', 'name_given', 'operation', 'title', 'address'])

/** The rest of what was written down, each part in words. */
export function details(row: AuditEntry): string {
  const { before, after, ...rest } = row.data
  const change = before !== undefined && after !== undefined ? [m.fromTo(value('role', before), value('role', after))] : []
  const parts = Object.entries(rest)
    .filter(([key, given]) => !SAID_ELSEWHERE.has(key) && given !== null && given !== '' && given !== false && !isId(given) && !(Array.isArray(given) && given.every(isId)))
    .map(([key, given]) => said(key, value(key, given)))
  return [...change, ...parts].join(', ')
}

/** Ids are for machines; whatever has one is named elsewhere in the row. */
function isId(given: unknown): boolean {
  return typeof given === 'string' && /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(given)
}

function said(key: string, given: string): string {
  return m.auditDetail[key]?.(given) ?? `${key.replace(/_/g, ' ')} ${given}`
}

function value(key: string, given: unknown): string {
  if (Array.isArray(given)) return given.map((one) => value(key, one)).join(', ')
  if (typeof given === 'number') return format.count(given)
  if (typeof given === 'object' && given !== null) return JSON.stringify(given)
  const plain = text(given)
  if (key === 'role') return m.roles[plain as Role]?.toLowerCase() ?? plain
  return /^\d{4}-\d\d-\d\dT/.test(plain) ? format.moment(plain) : (m.auditValues[key]?.[plain] ?? plain)
}

function text(given: unknown): string {
  return given === undefined || given === null ? '' : String(given)
}
