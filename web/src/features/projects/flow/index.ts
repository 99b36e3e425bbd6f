export { WorkflowPage } from './WorkflowPage'
