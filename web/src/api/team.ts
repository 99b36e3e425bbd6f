// The people of a project: what each did and how well.
import { answered, once, server } from './client'
import type { components } from './schema.gen'
import type { Id } from './types'

type Wire = components['schemas']
export type Team = Wire['Team']
export type PersonRow = Wire['PersonRow']
export type ReviewerRow = Wire['ReviewerRow']
export type PersonPage = Wire['PersonPage']
export type DefectCount = Wire['DefectCount']
export type ControlChart = Wire['Chart']

export const all = (project: Id) => answered(server.GET('/api/v1/projects/{project}/team', { params: { path: { project } } }))
export const one = (project: Id, person: Id) => answered(server.GET('/api/v1/projects/{project}/team/people/{person}', { params: { path: { project, person } } }))
/** Where a table is fetched as CSV. */
export const tablePath = (project: Id, table: 'people' | 'reviewers' | 'days') => `/api/v1/projects/${project}/team/tables/${table}`
export type TeamAction = Wire['Action']
export const actions = (project: Id) => answered(server.GET('/api/v1/projects/{project}/team/actions', { params: { path: { project } } }))
export type Act = 'pause' | 'raise_review' | 'requeue' | 'train'
export const act = (project: Id, person: Id, body: { do: Act; reason: string }) =>
  answered(server.POST('/api/v1/projects/{project}/team/people/{person}/actions', { params: { path: { project, person } }, body, headers: once() }))
export const undo = (action: Id) => answered(server.POST('/api/v1/team/actions/{action}/undo', { params: { path: { action } }, headers: once() }))
export type AllCharts = Wire['AllCharts']
export const charts = (project: Id) => answered(server.GET('/api/v1/projects/{project}/team/charts', { params: { path: { project } } }))
/** The items that show best what is said of a person. */
export const evidence = (project: Id, person: Id, of: string, since: string) => answered(server.GET('/api/v1/projects/{project}/team/people/{person}/evidence', { params: { path: { project, person }, query: { of, since } } }))
/** What was done about whoever asks, and stands. */
export const standing = (project: Id) => answered(server.GET('/api/v1/projects/{project}/standing', { params: { path: { project } } }))
