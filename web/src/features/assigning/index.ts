export { AssignmentsPage } from './AssignmentsPage'
