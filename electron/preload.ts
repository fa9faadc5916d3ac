import { contextBridge, type IpcRendererEvent, ipcRenderer } from 'electron';
import { callChannel, chooseTargetChannel, eventChannel } from './channels.ts';

/**
 * All that a page of ours can reach: calls by name, the dialog for a place to save to, and core's events. Neither ipcRenderer nor its event objects are
 * handed out; main checks the sender and core checks the input.
 */
contextBridge.exposeInMainWorld('cairn', {
  call: (name: unknown, input: unknown): Promise<unknown> => ipcRenderer.invoke(callChannel, name, input),
  /** The operating system's own dialog for where a download goes. */
  chooseTarget: (wish: unknown): Promise<unknown> => ipcRenderer.invoke(chooseTargetChannel, wish),
  subscribe(listener: (event: unknown) => void): () => void {
    const forward = (_event: IpcRendererEvent, event: unknown) => listener(event);
    ipcRenderer.on(eventChannel, forward);
    return () => {
      ipcRenderer.removeListener(eventChannel, forward);
    };
  },
});
