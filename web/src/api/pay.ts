// Pay: the formula, periods with their lines, what is said against them, and the budget.
import { answered, once, server } from './client'
import type { components } from './schema.gen'
import type { Id } from './types'

type Wire = components['schemas']
export type Formula = Wire['Formula']
export type PayRule = Wire['PayRule']
export type FormulaBody = Wire['FormulaBody']
export type Preview = Wire['Preview']
export type Period = Wire['Period']
export type PayLine = Awaited<ReturnType<typeof lines>>[number]
export type OwnLine = Wire['OwnLine']
export type Contest = Wire['Contest']
export type Budget = Wire['Budget']
export type Part = Wire['Part']
export type Worked = Wire['Worked']
export type SourcesOf = 'answers' | 'reviews' | 'flags' | 'corrections'

const of = (project: Id) => ({ params: { path: { project } } })

export const rule = (p: Id) => answered(server.GET('/api/v1/projects/{project}/pay/formula', of(p)))
export const putFormula = (p: Id, formula: Formula, base: number) => answered(server.PUT('/api/v1/projects/{project}/pay/formula', { ...of(p), body: { formula, base } }))
export const preview = (p: Id, formula: Formula, signal?: AbortSignal) => answered(server.POST('/api/v1/projects/{project}/pay/preview', { ...of(p), body: { formula, base: 0 }, signal: signal ?? null }))
export const periods = (p: Id) => answered(server.GET('/api/v1/projects/{project}/pay/periods', of(p)))
export const compute = (p: Id) => answered(server.POST('/api/v1/projects/{project}/pay/periods', { ...of(p), body: {}, headers: once() }))
export const close = (period: Id) => answered(server.POST('/api/v1/pay/periods/{period}/close', { params: { path: { period } }, headers: once() }))
export const lines = (period: Id) => answered(server.GET('/api/v1/pay/periods/{period}/lines', { params: { path: { period } } }))
/** Where the lines of a period are fetched as CSV. */
export const tablePath = (period: Id) => `/api/v1/pay/periods/${period}/table`
export const mine = (p: Id) => answered(server.GET('/api/v1/projects/{project}/pay/mine', of(p)))
/** What a line comes from, a page of one kind. */
export const sources = (line: Id, of: SourcesOf, cursor: string | null) => answered(server.GET('/api/v1/pay/lines/{line}/sources', { params: { path: { line }, query: { of, cursor } } }))
export const verify = (period: Id) => answered(server.POST('/api/v1/pay/periods/{period}/verify', { params: { path: { period } }, headers: once() }))
export const correct = (p: Id, body: Wire['NewCorrection']) => answered(server.POST('/api/v1/projects/{project}/pay/corrections', { ...of(p), body, headers: once() }))
export const contest = (line: Id, reason: string) => answered(server.POST('/api/v1/pay/lines/{line}/contest', { params: { path: { line } }, body: { reason }, headers: once() }))
export const contests = (p: Id) => answered(server.GET('/api/v1/projects/{project}/pay/contests', of(p)))
export const decide = (contest: Id, body: { outcome: 'upheld' | 'corrected'; reason: string; amount: number }) =>
  answered(server.POST('/api/v1/pay/contests/{contest}/decision', { params: { path: { contest } }, body, headers: once() }))
export const budget = (p: Id) => answered(server.GET('/api/v1/projects/{project}/pay/budget', of(p)))
export const putBudget = (p: Id, body: { amount: number | null; stops: boolean }) => answered(server.PUT('/api/v1/projects/{project}/pay/budget', { ...of(p), body }))
