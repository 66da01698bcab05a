namespace OrleansRec.Model;

// Public here; where OrleansRec.Api compiles the other part alone, it is internal there.
public static partial class UnixTime;
