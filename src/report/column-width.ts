/** The most that a column of findings takes, in terminal columns; longer text is wrapped. */
export const maxWidth = 60;
