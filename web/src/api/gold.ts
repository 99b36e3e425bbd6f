// Gold items: the list, making them, changing and retiring them, and how many are needed.
import { answered, server } from './client'
import type { components } from './schema.gen'
import type { Id } from './types'

type Wire = components['schemas']
export type GoldRow = Wire['GoldRow']
export type Use = GoldRow['use']
export type Reason = Wire['Retired']['reason']
export type Source = 'result' | 'import'
export type Candidate = Wire['Candidate']
export interface Key { item: Id; response?: Id; revision?: number; hints?: Record<string, string> }

const at = (project: Id) => ({ path: { project } })
const of = (gold: Id) => ({ params: { path: { gold } } })
export const list = (project: Id, use?: Use) => answered(server.GET('/api/v1/projects/{project}/gold', { params: { ...at(project), query: { limit: 500, ...(use ? { use } : {}) } } }))
export const make = (project: Id, items: readonly Key[], use: Use, source: Source | 'response' = 'result') =>
  answered(server.POST('/api/v1/projects/{project}/gold', { params: at(project), body: { items: [...items], use, source } }))
export const candidates = (project: Id, source: Source, sure: number, answers: number) =>
  answered(server.GET('/api/v1/projects/{project}/gold/candidates', { params: { ...at(project), query: { source, sure, answers, limit: 200 } } }))
export const change = (gold: Id, body: { use?: Use; hints?: Record<string, string> }) => answered(server.PATCH('/api/v1/gold/{gold}', { ...of(gold), body }))
export const retire = (gold: Id, reason: Reason) => answered(server.POST('/api/v1/gold/{gold}/retire', { ...of(gold), body: { reason } }))
export const restore = (gold: Id) => answered(server.POST('/api/v1/gold/{gold}/restore', of(gold)))
export const plan = (project: Id, accuracy: number, wrong: number) => answered(server.GET('/api/v1/projects/{project}/gold/plan', { params: { ...at(project), query: { statement: 'accuracy', at_least: accuracy, wrong } } }))
export const tell = (project: Id, asked: { good: number; bad: number; alpha?: number; beta?: number }) =>
  answered(server.GET('/api/v1/projects/{project}/gold/plan', { params: { ...at(project), query: { statement: 'tell', ...asked } } }))
