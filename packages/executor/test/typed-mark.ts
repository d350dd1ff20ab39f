export const MARK: string = "!";
