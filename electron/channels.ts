/** The channels between preload and main; nothing else crosses. */
export const callChannel = 'cairn:call';
export const eventChannel = 'cairn:event';
export const chooseTargetChannel = 'cairn:choose-target';
