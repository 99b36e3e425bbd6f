// Reviews: what waits, what was said of one's own answers, and what a fix changed.
import { answered, server } from './client'
import type { Id } from './types'

const of = (project: Id) => ({ params: { path: { project } } })

export const waiting = (p: Id) => answered(server.GET('/api/v1/projects/{project}/review/waiting', of(p)))
export const feedback = (project: Id, cursor?: string) => answered(server.GET('/api/v1/projects/{project}/feedback', { params: { path: { project }, query: { limit: 20, cursor } } }))
export const difference = (review: Id) => answered(server.GET('/api/v1/reviews/{review}/difference', { params: { path: { review } } }))
export const sentBack = () => answered(server.GET('/api/v1/sent-back'))
export const ofItem = (item: Id) => answered(server.GET('/api/v1/items/{item}/reviews', { params: { path: { item } } }))
