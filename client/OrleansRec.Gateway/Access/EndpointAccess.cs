using OrleansRec.Contracts;

namespace OrleansRec.Gateway;

/// <summary>What every endpoint says of itself: the scope that a key needs (null: none is asked for) and the group that it is counted in.</summary>
public sealed record EndpointAccess(KeyScope? Scope, string Group);

/// <summary>The endpoint's work gives way to requests: it is not counted as one that others give way to.</summary>
public sealed record BackgroundWork;
