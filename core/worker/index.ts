/** The agent that runs on a worker VM: takes a task from core, moves the data with the engine, reports. */
export { type AgentDeps, type AgentEnd, runAgent } from './agent.ts';
export { fixedVhdFooter, type VhdFooterFields } from './vhd-footer.ts';
