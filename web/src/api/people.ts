// Sign-in, profile, workspaces, members, tokens, audit.
import { answered, once, server } from './client'
import type { Id, Role, TokenScope } from './types'

export const signIn = (body: { email: string; password: string; code?: string }) => answered(server.POST('/api/v1/session', { body }))
export const signOut = () => answered(server.DELETE('/api/v1/session'))
export const link = (token: string) => answered(server.GET('/api/v1/links/{token}', { params: { path: { token } } }))
export const spendLink = (token: string, body: { name?: string; email?: string; password?: string; code?: string }) =>
  answered(server.POST('/api/v1/links/{token}', { params: { path: { token } }, body }))

export const me = () => answered(server.GET('/api/v1/me'))
export const changeMe = (body: { name?: string; settings?: Record<string, unknown> }) => answered(server.PATCH('/api/v1/me', { body }))
export const changePassword = (body: { current: string; new: string; revoke_tokens: boolean }) => answered(server.POST('/api/v1/me/password', { body }))
export const sessions = () => answered(server.GET('/api/v1/me/sessions'))
export const endSession = (session: Id) => answered(server.DELETE('/api/v1/me/sessions/{session}', { params: { path: { session } } }))
export const beginTotp = () => answered(server.POST('/api/v1/me/totp'))
export const confirmTotp = (code: string) => answered(server.PUT('/api/v1/me/totp', { body: { code } }))
export const endTotp = (password: string) => answered(server.DELETE('/api/v1/me/totp', { body: { password } }))

const at = (workspace: Id) => ({ params: { path: { workspace } } })

export const tokens = (w: Id) => answered(server.GET('/api/v1/workspaces/{workspace}/tokens', at(w)))
export const makeToken = (w: Id, body: { name: string; scopes: TokenScope[]; expires_days: number }) =>
  answered(server.POST('/api/v1/workspaces/{workspace}/tokens', { ...at(w), body, headers: once() }))
export const endToken = (workspace: Id, token: Id) => answered(server.DELETE('/api/v1/workspaces/{workspace}/tokens/{token}', { params: { path: { workspace, token } } }))

export const makeWorkspace = (name: string) => answered(server.POST('/api/v1/workspaces', { body: { name }, headers: once() }))
export const renameWorkspace = (w: Id, name: string) => answered(server.PATCH('/api/v1/workspaces/{workspace}', { ...at(w), body: { name } }))
export const members = (w: Id) => answered(server.GET('/api/v1/workspaces/{workspace}/members', at(w)))
export const changeMember = (workspace: Id, member: Id, body: { role?: Role; active?: boolean }) =>
  answered(server.PATCH('/api/v1/workspaces/{workspace}/members/{member}', { params: { path: { workspace, member } }, body }))
export const resetMember = (workspace: Id, member: Id) =>
  answered(server.POST('/api/v1/workspaces/{workspace}/members/{member}/reset', { params: { path: { workspace, member } } }))
export const invites = (w: Id) => answered(server.GET('/api/v1/workspaces/{workspace}/invites', at(w)))
export const invite = (w: Id, body: { email?: string; role: Role }) =>
  answered(server.POST('/api/v1/workspaces/{workspace}/invites', { ...at(w), body, headers: once() }))
export const endInvite = (workspace: Id, invite: Id) =>
  answered(server.DELETE('/api/v1/workspaces/{workspace}/invites/{invite}', { params: { path: { workspace, invite } } }))
export const audit = (workspace: Id, cursor: string | null) =>
  answered(server.GET('/api/v1/workspaces/{workspace}/audit', { params: { path: { workspace }, query: { limit: 100, cursor: cursor ?? undefined } } }))
