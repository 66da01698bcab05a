using System.Collections.Frozen;

namespace OrleansRec.Model.Reasons;

/// <summary>The sentences in English.</summary>
internal static class EnglishSentences
{
    public static readonly FrozenDictionary<string, string> Templates = new Dictionary<string, string>
    {
        ["purchase"] = "Because you bought {0}.",
        ["cart"] = "Because you put {0} into your basket.",
        ["like"] = "Because you like {0}.",
        ["rating"] = "Because you rated {0}.",
        ["review"] = "Because you reviewed {0}.",
        ["view"] = "Because you looked at {0}.",
        ["click"] = "Because you clicked on {0}.",
        [Sentences.Event] = "Because you are interested in {0}.",
        [Sentences.Basket] = "Because {0} is in your basket.",
        [Sentences.Page] = "Because you are looking at {0}.",
        ["item-item"] = "Customers who chose {0} also chose this.",
        ["bought-together"] = "Often bought together with {0}.",
        ["content"] = "Similar to {0}.",
        ["buy-again"] = "You have bought this before.",
        ["recently-viewed"] = "You have looked at this lately.",
        ["popular"] = "Popular with other customers.",
        ["trending"] = "In demand right now.",
        ["new"] = "New in our shop.",
        ["context"] = "Goes with what you are looking at.",
        ["first-event"] = "Similar to what you chose before.",
        ["segment"] = "Popular with customers like you.",
        ["any"] = "From our range.",
        ["rule"] = "Recommended by our shop.",
        ["none"] = "From the selection that was asked for.",
        [Sentences.Personal] = "Matches your taste.",
    }.ToFrozenDictionary(StringComparer.Ordinal);
}
