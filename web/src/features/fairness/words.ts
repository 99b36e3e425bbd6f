// How figures of fairness read.
import type { fairness as api } from '../../api'
import { format } from '../../ui'
import { m } from './messages'

/** What a slice is called. */
export const cellName = (cell: Pick<api.Cell, 'kind' | 'name'>): string => (cell.kind === 'missing' ? m.missing : cell.kind === 'other' ? m.other : cell.name)

/** A difference of two shares in points, with its sign: +12, −3. */
export function points(value: number): string {
  const whole = Math.round(value * 100)
  return whole > 0 ? `+${whole}` : whole < 0 ? `−${-whole}` : '0'
}

/** A p value as it is worth being read. */
export const chance = (p: number): string => (p < 0.001 ? '< 0.001' : p.toFixed(3))

/** The interval of a difference. */
export const between = (low: number, high: number): string => `${points(low)} … ${points(high)}`

/** A share, or a dash. */
export const share = (value: number | null | undefined): string => (value === null || value === undefined ? '–' : format.percent(value))

/** A difference of a group beyond chance, on all items or in one slice. */
export interface GroupFinding {
  title: string
  value: string
  slice: Pick<api.Crossed['cells'][number], 'cell' | 'kind'> & { key: string } | null
  measure: string
  here: number | null
  others: number | null
  difference: number
  /** Whether both sides are compared on the items that both answered. */
  isOnSame: boolean
}

/** What differs between groups beyond chance: on all items, then in a slice by more than elsewhere; the largest first. */
export function groupFindings({ groups, crossed }: Pick<api.Fairness, 'groups' | 'crossed'>): GroupFinding[] {
  const row = (title: string, value: string, slice: GroupFinding['slice'], one: api.Crossed['cells'][number]['figures'][number], isOnSame: boolean) => ({ title, value, slice, isOnSame, measure: one.measure, here: one.value ?? null, others: one.others ?? null, difference: one.difference ?? 0 })
  const largest = (a: GroupFinding, b: GroupFinding) => Math.abs(b.difference) - Math.abs(a.difference)
  return [
    ...groups.flatMap((of) => of.cells.flatMap((cell) => cell.figures.filter((one) => one.differs).map((one) => row(of.title, cell.value, null, one, one.on_same_items ?? false)))).toSorted(largest),
    ...crossed.flatMap((of) => of.cells.flatMap((cell) => cell.figures.filter((one) => one.differs).map((one) => row(of.title, cell.value, { key: of.key, cell: cell.cell, kind: cell.kind }, one, true)))).toSorted(largest),
  ]
}

/** What closes the gate waits for: a report, a newer one, or the word of these of the board; null where it is open. */
export function isWaitingFor({ gate, report }: Pick<api.Fairness, 'gate' | 'report'>): { wants: 'report' | 'newer' | 'votes' | null; names: string[] } {
  const said = new Set(gate.votes.filter((vote) => vote.undone_at === null).map((vote) => vote.by?.id))
  const names = gate.members.filter((one) => one.lacks === null && !said.has(one.person.id)).map((one) => one.person.name)
  if (gate.state === 'off' || gate.state === 'open') return { wants: null, names: [] }
  if (gate.state === 'no_report' || !report) return { wants: 'report', names: [] }
  const isSigned = said.size >= (gate.board?.quorum ?? 2)
  return { wants: isSigned ? 'newer' : 'votes', names }
}

/** Whether the numbers of a field grow, and which they are; null where some are none. */
export function edgesOf(text: string): number[] | null {
  const found = text.split(/[\s;]+/).filter(Boolean).map(Number)
  return found.every((n, i) => Number.isFinite(n) && (i === 0 || n > (found[i - 1] ?? n))) ? found : null
}

/** `day 0.7, night 0.3` as shares by slice; null where that cannot be read. */
export function sharesOf(text: string): Record<string, number> | null {
  const found: Record<string, number> = {}
  for (const part of text.split(',').map((one) => one.trim()).filter(Boolean)) {
    const at = part.lastIndexOf(' ')
    const value = Number(part.slice(at + 1))
    if (at < 1 || !Number.isFinite(value) || value < 0) return null
    found[part.slice(0, at).trim()] = value
  }
  return found
}
