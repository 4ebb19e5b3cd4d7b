// Whether the list of keys is open. Role: one switch, for every screen and the shell that shows it. Limits: no content.
import { create } from 'zustand';

export const useSheet = create<{ isOpen: boolean }>()(() => ({ isOpen: false }));
export const openKeySheet = (): void => useSheet.setState({ isOpen: true });
