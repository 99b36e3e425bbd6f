// Gold items, and where people stand in a project's course.
import { answered, server } from './client'
import type { components } from './schema.gen'
import type { Id } from './types'

type Wire = components['schemas']
export type GoldRow = Wire['GoldRow']
export type Standing = Wire['PersonStanding']
export type Decision = Wire['StandingChange']['do']
export type Use = GoldRow['use']

const at = (project: Id) => ({ path: { project } })
export const list = (project: Id) => answered(server.GET('/api/v1/projects/{project}/gold', { params: { ...at(project), query: { limit: 500 } } }))
export const make = (project: Id, items: readonly Id[], use: Use) => answered(server.POST('/api/v1/projects/{project}/gold', { params: at(project), body: { items: items.map((item) => ({ item })), use, source: 'result' } }))
export const retire = (gold: Id) => answered(server.POST('/api/v1/gold/{gold}/retire', { params: { path: { gold } }, body: { reason: 'manager' } }))
export const restore = (gold: Id) => answered(server.POST('/api/v1/gold/{gold}/restore', { params: { path: { gold } } }))
export const plan = (project: Id, accuracy: number, wrong: number) => answered(server.GET('/api/v1/projects/{project}/gold/plan', { params: { ...at(project), query: { statement: 'accuracy', at_least: accuracy, wrong } } }))
export const standings = (project: Id) => answered(server.GET('/api/v1/projects/{project}/standings', { params: at(project) }))
export const decide = (project: Id, person: Id, decision: Decision) => answered(server.POST('/api/v1/projects/{project}/standings/{person}', { params: { path: { project, person } }, body: { do: decision } }))
