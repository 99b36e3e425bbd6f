// Sign-in, profile, workspaces, members, tokens, audit.
import { ask, newKey } from './client'
import type { AuditEntry, Id, Invite, LinkState, Me, Member, Page, Role, SessionRow, Token } from './types'

export const signIn = (given: { email: string; password: string; code?: string }) => ask<Me>('/session', { method: 'POST', json: given })
export const signOut = () => ask<void>('/session', { method: 'DELETE' })
export const link = (token: string) => ask<LinkState>(`/links/${encodeURIComponent(token)}`)
export const spendLink = (token: string, given: { name?: string; email?: string; password?: string; code?: string }) =>
  ask<Me>(`/links/${encodeURIComponent(token)}`, { method: 'POST', json: given })

export const me = () => ask<Me>('/me')
export const changeMe = (given: { name?: string; settings?: Record<string, unknown> }) => ask<Me>('/me', { method: 'PATCH', json: given })
export const changePassword = (given: { current: string; new: string }) => ask<void>('/me/password', { method: 'POST', json: given })
export const sessions = () => ask<SessionRow[]>('/me/sessions')
export const endSession = (id: Id) => ask<void>(`/me/sessions/${id}`, { method: 'DELETE' })
export const beginTotp = () => ask<{ secret: string; uri: string }>('/me/totp', { method: 'POST' })
export const confirmTotp = (code: string) => ask<void>('/me/totp', { method: 'PUT', json: { code } })
export const endTotp = (password: string) => ask<void>('/me/totp', { method: 'DELETE', json: { password } })

export const tokens = (w: Id) => ask<Token[]>(`/workspaces/${w}/tokens`)
export const makeToken = (w: Id, given: { name: string; scopes: string[]; expires_days: number }) =>
  ask<Token>(`/workspaces/${w}/tokens`, { method: 'POST', json: given, once: newKey() })
export const endToken = (w: Id, id: Id) => ask<void>(`/workspaces/${w}/tokens/${id}`, { method: 'DELETE' })

export const makeWorkspace = (name: string) => ask<{ id: Id }>('/workspaces', { method: 'POST', json: { name }, once: newKey() })
export const renameWorkspace = (w: Id, name: string) => ask<void>(`/workspaces/${w}`, { method: 'PATCH', json: { name } })
export const members = (w: Id) => ask<Member[]>(`/workspaces/${w}/members`)
export const changeMember = (w: Id, m: Id, given: { role?: Role; active?: boolean }) =>
  ask<Member>(`/workspaces/${w}/members/${m}`, { method: 'PATCH', json: given })
export const resetMember = (w: Id, m: Id) => ask<{ url: string; expires_at: string }>(`/workspaces/${w}/members/${m}/reset`, { method: 'POST' })
export const invites = (w: Id) => ask<Invite[]>(`/workspaces/${w}/invites`)
export const invite = (w: Id, given: { email?: string; role: Role }) =>
  ask<Invite>(`/workspaces/${w}/invites`, { method: 'POST', json: given, once: newKey() })
export const endInvite = (w: Id, id: Id) => ask<void>(`/workspaces/${w}/invites/${id}`, { method: 'DELETE' })
export const audit = (w: Id, cursor: string | null) => ask<Page<AuditEntry>>(`/workspaces/${w}/audit`, { query: { cursor, limit: 100 } })
