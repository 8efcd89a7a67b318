// The tools of the editor, in the order of the toolbar.
export const tools = []
