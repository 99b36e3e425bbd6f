// Dashboards: what stands where, what was said, who agrees with whom. Beside each number of items stands its filter.
import { answered, server } from './client'
import type { components } from './schema.gen'
import type { Id } from './types'

type Wire = components['schemas']
export type Flow = Wire['Flow']
export type StageRow = Wire['StageRow']
export type Week = Wire['Week']
export type Forecast = Wire['Forecast']
export type Items = Wire['Items']
export type Coverage = Wire['Coverage']
export type SliceKey = Wire['SliceKey']
export type Pairs = Wire['Pairs']
export type PairCell = Wire['PairCell']

export const flow = (project: Id) => answered(server.GET('/api/v1/projects/{project}/flow', { params: { path: { project } } }))
export const coverage = (project: Id) => answered(server.GET('/api/v1/projects/{project}/reports/coverage', { params: { path: { project } } }))
export const labels = (project: Id) => answered(server.GET('/api/v1/projects/{project}/reports/labels', { params: { path: { project } } }))
export const pairs = (project: Id, field?: string, label?: string) =>
  answered(server.GET('/api/v1/projects/{project}/reports/pairs', { params: { path: { project }, query: { ...(field ? { field } : {}), ...(label ? { label } : {}) } } }))

export const tables = ['stages', 'forecast', 'weeks', 'labels', 'slices', 'pairs', 'agreement', 'people', 'reviewers', 'days'] as const
/** Where a table is fetched as a file. */
export const tablePath = (project: Id, table: (typeof tables)[number], format: 'csv' | 'parquet') => `/api/v1/projects/${project}/reports/tables/${table}?format=${format}`

export type Todo = Wire['Todo']
/** What waits for whoever asks, over all their projects. */
export const todo = () => answered(server.GET('/api/v1/todo'))

/** What there is, what is spent, and what an answer and an accepted label cost. */
export const budget = (project: Id) => answered(server.GET('/api/v1/projects/{project}/pay/budget', { params: { path: { project } } }))
