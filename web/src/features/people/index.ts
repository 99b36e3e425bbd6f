export { AuditPage } from './AuditPage'
export { MembersPage } from './MembersPage'
export { WorkspacePage } from './WorkspacePage'
