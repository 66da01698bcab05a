namespace OrleansRec.Client;

/// <summary>How long and how often the client tries.</summary>
public sealed record RecommenderClientOptions
{
    /// <summary>Attempts of one verb, the first included.</summary>
    /// <value>5 by default; at least 1.</value>
    public int AttemptsMax { get; init; } = 5;

    /// <summary>The pause after the first failed attempt; it doubles with each further one. The real pause is a random part, between half and all of it.</summary>
    /// <value>100 ms by default.</value>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest pause, whatever the server's Retry-After asks for.</summary>
    /// <value>5 s by default.</value>
    public TimeSpan PauseMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one attempt may take.</summary>
    /// <value>30 s by default.</value>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a verb may take, with all its attempts and pauses.</summary>
    /// <value>60 s by default.</value>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The clock of pauses and deadlines.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
