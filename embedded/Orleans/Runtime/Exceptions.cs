namespace Orleans.Runtime;

/// <summary>Base of the engine's exceptions.</summary>
[GenerateSerializer]
public class OrleansException : Exception
{
    /// <summary>Without a reason.</summary>
    public OrleansException()
        : base("The engine failed.")
    {
    }

    /// <summary>With a reason.</summary>
    public OrleansException(string message)
        : base(message)
    {
    }

    /// <summary>With a reason and a cause.</summary>
    public OrleansException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>A call was not delivered.</summary>
[GenerateSerializer]
public class OrleansMessageRejectionException : OrleansException
{
    internal OrleansMessageRejectionException(string message)
        : base(message)
    {
    }

    internal OrleansMessageRejectionException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>The silo of the activation is gone or going.</summary>
[GenerateSerializer]
public sealed class SiloUnavailableException : OrleansMessageRejectionException
{
    /// <summary>Without a reason.</summary>
    public SiloUnavailableException()
        : base("The silo is not available.")
    {
    }

    /// <summary>With a reason.</summary>
    public SiloUnavailableException(string msg)
        : base(msg)
    {
    }

    /// <summary>With a reason and a cause.</summary>
    public SiloUnavailableException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>A bound was reached.</summary>
[GenerateSerializer]
public sealed class LimitExceededException : OrleansException
{
    /// <summary>Without a reason.</summary>
    public LimitExceededException()
        : base("A limit is exceeded.")
    {
    }

    /// <summary>With a reason.</summary>
    public LimitExceededException(string message)
        : base(message)
    {
    }

    /// <summary>With a reason and a cause.</summary>
    public LimitExceededException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>With the limit's name and both numbers.</summary>
    public LimitExceededException(string limitName, int current, int threshold, object extraInfo)
        : base($"{limitName} is {threshold}; it would be {current}. {extraInfo}")
    {
    }
}

/// <summary>A grain asks for a storage that is not registered.</summary>
[GenerateSerializer]
public sealed class BadProviderConfigException : OrleansException
{
    /// <summary>With a reason.</summary>
    public BadProviderConfigException(string msg)
        : base(msg)
    {
    }
}
