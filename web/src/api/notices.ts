// What concerns whoever is signed in.
import { answered, server } from './client'

export const list = (cursor: string | null) => answered(server.GET('/api/v1/notices', { params: { query: { limit: 50, cursor: cursor ?? undefined } } }))
export const unread = () => answered(server.GET('/api/v1/notices/unread'))
export const mark = (ids: string[]) => answered(server.POST('/api/v1/notices/read', { body: { ids } }))
export const choices = () => answered(server.GET('/api/v1/notices/choices'))
export const choose = (mail: 'off' | 'each' | 'daily') => answered(server.PUT('/api/v1/notices/choices', { body: { mail } }))
