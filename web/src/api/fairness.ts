// Slices, groups, what differs, and the board; and what people state about themselves.
import { answered, server } from './client'
import type { components } from './schema.gen'
import type { Id } from './types'

type Wire = components['schemas']
export type Fairness = Wire['Fairness']
export type Slice = Wire['SlicedKey']
export type Cell = Wire['Cell']
export type Finding = Wire['Finding']
export type Groups = Wire['Groups']
export type Crossed = Wire['Crossed']
export type Gate = Wire['Gate']
export type Vote = Wire['Vote']
export type Slices = Wire['Slices']
export type SliceRule = Wire['SliceRule']
export type Board = Wire['Board']
export type Attribute = Wire['Attribute']
export type OwnStatement = Wire['OwnStatement']

const of = (project: Id) => ({ params: { path: { project } } })
const at = (workspace: Id) => ({ params: { path: { workspace } } })
export const page = (project: Id) => answered(server.GET('/api/v1/projects/{project}/fairness', of(project)))
export const parts = ['findings', 'slices', 'groups', 'crossed', 'record', 'method'] as const
export const partPath = (project: Id, part: (typeof parts)[number], format: 'csv' | 'parquet') => `/api/v1/projects/${project}/fairness/tables/${part}?format=${format}`
export const setSlices = (project: Id, body: Slices) => answered(server.PUT('/api/v1/projects/{project}/fairness/slices', { ...of(project), body }))
export const setBoard = (project: Id, board: Board | null) => answered(server.PUT('/api/v1/projects/{project}/fairness/board', { ...of(project), body: { board } }))
export const report = (project: Id) => answered(server.POST('/api/v1/projects/{project}/fairness/reports', of(project)))
export const vote = (project: Id, body: Wire['NewVote']) => answered(server.POST('/api/v1/projects/{project}/fairness/votes', { ...of(project), body }))
export const undo = (vote: Id) => answered(server.DELETE('/api/v1/fairness/votes/{vote}', { params: { path: { vote } } }))
export const attributes = (workspace: Id) => answered(server.GET('/api/v1/workspaces/{workspace}/attributes', at(workspace)))
export const ask = (workspace: Id, body: Wire['NewAttribute']) => answered(server.POST('/api/v1/workspaces/{workspace}/attributes', { ...at(workspace), body }))
export const stopAsking = (workspace: Id, attribute: Id) => answered(server.DELETE('/api/v1/workspaces/{workspace}/attributes/{attribute}', { params: { path: { workspace, attribute } } }))
export const aboutMe = (workspace: Id) => answered(server.GET('/api/v1/workspaces/{workspace}/about-me', at(workspace)))
export const state = (workspace: Id, attribute: Id, value: string | null) => answered(server.PUT('/api/v1/workspaces/{workspace}/about-me/{attribute}', { params: { path: { workspace, attribute } }, body: { value } }))
