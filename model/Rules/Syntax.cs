namespace OrleansRec.Model.Rules;

/// <summary>An expression as it is written.</summary>
/// <param name="At">Where it begins, from 0.</param>
internal abstract record Syntax(int At);

/// <summary>A number, text, or truth value.</summary>
internal sealed record LiteralSyntax(int At, object Value) : Syntax(At);

/// <summary>[a, b, c].</summary>
internal sealed record ListSyntax(int At, IReadOnlyList<Syntax> Entries) : Syntax(At);

/// <summary>A name that stands for itself.</summary>
internal sealed record NameSyntax(int At, string Name) : Syntax(At);

/// <summary>target.name, or target["name"].</summary>
internal sealed record MemberSyntax(int At, Syntax Target, string Name) : Syntax(At);

/// <summary>name(arguments), or target.name(arguments), where the target is the first of the arguments.</summary>
internal sealed record CallSyntax(int At, string Name, IReadOnlyList<Syntax> Arguments) : Syntax(At);

/// <summary>!operand or -operand.</summary>
internal sealed record UnarySyntax(int At, string Operator, Syntax Operand) : Syntax(At);

/// <summary>left operator right; it stands where the operator does.</summary>
internal sealed record BinarySyntax(int At, string Operator, Syntax Left, Syntax Right) : Syntax(At);

/// <summary>condition ? yes : no; it stands where the question mark does.</summary>
internal sealed record ConditionalSyntax(int At, Syntax Condition, Syntax Yes, Syntax No) : Syntax(At);
